"""How people are called, live and are reached, by where their families come from.

Telephone numbers are of ranges that are kept free for stories where a country has such (Ofcom, NANPA, ARCEP, ACMA), and
elsewhere of no exchange; e-mail addresses are under example.org (RFC 2606). Names are common ones of their countries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Culture:
    """`share`: of a thousand patients. `#` in a telephone number is a digit, in an address a house number."""

    share: int
    women: Sequence[str]
    men: Sequence[str]
    families: Sequence[str]
    phone: str
    streets: Sequence[str]
    towns: Sequence[str]
    phototypes: Sequence[str]
    """The likelier ones are there more often."""

    families_of_women: Sequence[str] = field(default=())
    """Where a woman's family name has another ending."""

    address: str = "{street}\n{town}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


_EUROPEAN = ("I", "II", "II", "II", "III", "III")
_OLIVE = ("II", "III", "III", "IV", "IV")
_ASIAN = ("III", "III", "IV", "IV")
_BROWN = ("IV", "V", "V")
_DARK = ("V", "VI", "VI")

CULTURES: Sequence[Culture] = (
    Culture(
        210,
        _words("Olivia Amelia Charlotte Grace Hannah Emily Sophie Ruth Margaret Eleanor Zoë Siân Niamh Isla Harriet"),
        _words("Oliver George Arthur Henry Thomas Daniel Samuel Callum Rhys Seán Edward William Jack Peter Alistair"),
        _words(
            "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patterson Wright Walker White Edwards Hughes "
            "Green Hall Lewis Harris Clarke O'Connor MacDonald O'Brien Thompson Shaw Whitfield Ashcroft Pemberton"
        ),
        "+44 7700 900###",
        _words("#_High_Street #_Station_Road #_Church_Lane #_Mill_Road #_Victoria_Road #_Orchard_Close"),
        _words("Leeds Bristol Norwich Cardiff Stirling Exeter"),
        _EUROPEAN,
    ),
    Culture(
        130,
        _words("Camille Léa Chloé Manon Inès Jeanne Élodie Françoise Maëlys Anaïs Océane Margaux Brigitte Agnès"),
        _words("Louis Hugo Étienne François Théo Mathis Rémi Jérôme Gaël Benoît Loïc Pascal Yves Jean-Luc"),
        _words(
            "Martin Bernard Dubois Durand Lefèvre Moreau Girard Bonnet Mercier Faure Blanchard Guérin Chevalier "
            "Gauthier Perrin Lemaître D'Alembert Le_Goff de_La_Tour Béranger Noël Marchand"
        ),
        "+33 6 39 98 ## ##",
        _words("#_rue_des_Lilas #_avenue_Jean-Jaurès #_rue_de_l'Église #_boulevard_Voltaire #_place_du_Marché"),
        _words("69003_Lyon 44000_Nantes 67000_Strasbourg 31000_Toulouse 34000_Montpellier"),
        _EUROPEAN,
    ),
    Culture(
        120,
        _words("Anna Lena Marie Hannelore Käthe Sabine Ursula Gisela Mia Jana Bärbel Wiebke Frieda"),
        _words("Lukas Jonas Jürgen Günther Felix Maximilian Björn Uwe Karl-Heinz Matthias Sören Götz Emil Torsten"),
        _words(
            "Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Schäfer Köhler Krüger Groß Böhm Lüttich "
            "von_Arnim Weiß Jäger Vogel Brandt Öztürk Kowalski Steinbrück Bäcker"
        ),
        "+49 30 23125 ###",
        _words("Gartenstraße_# Schillerplatz_# Am_Mühlbach_# Lindenallee_# Bahnhofstraße_#"),
        _words("10115_Berlin 80331_München 50667_Köln 01067_Dresden 20095_Hamburg"),
        _EUROPEAN,
    ),
    Culture(
        60,
        _words("Astrid Ingrid Freja Linnéa Åsa Sigrid Maja Þóra Aino Kirsi Solveig Birgitta"),
        _words("Björn Lars Øyvind Søren Magnus Åke Mikkel Jóhann Väinö Eero Håkon Niels"),
        _words(
            "Lindqvist Johansson Andersson Sjöberg Åkesson Nørgaard Østergaard Hansen Bjørnstad Guðmundsson Virtanen "
            "Mäkinen Hämäläinen Strømme Ødegård"
        ),
        "+46 70 174 06 ##",
        _words("Storgatan_# Skolgatan_# Kyrkogatan_# Strandvägen_#"),
        _words("211_20_Malmö 411_03_Göteborg 5003_Bergen 8000_Aarhus"),
        ("I", "I", "II", "II", "III"),
    ),
    Culture(
        80,
        _words("Chiara Giulia Lucía María_José Inês Beatriz Concetta Ximena Paloma Francesca Graça Noemí Valentina"),
        _words("Matteo Niccolò José Iñigo João Tomás Álvaro Giuseppe Andrés Simão Raúl Duarte Leonardo"),
        _words(
            "Moretti Rossi Bianchi D'Angelo García_López Fernández Muñoz_Ibáñez Núñez Gonçalves Magalhães Ferreira "
            "de_Souza Esposito Peña Castellanos Guimarães"
        ),
        "+34 655 000 ###",
        _words("Calle_Mayor_# Via_Garibaldi_# Rua_das_Flores_# Avenida_de_la_Paz_#"),
        _words("28013_Madrid 20121_Milano 4050-265_Porto 41004_Sevilla"),
        _OLIVE,
    ),
    Culture(
        60,
        _words("Zofia Łucja Agnieszka Małgorzata Božena Jiřina Zsófia Katalin Ștefania Živa Dragana"),
        _words("Piotr Łukasz Stanisław Jiří Ondřej István László Gheorghe Željko Andrzej Miloš"),
        _words("Nowak Kowalczyk Wójcik Żak Dvořák Svoboda Nagy Szabó Kovács Popescu Ionescu Jovanović Horvat"),
        "+48 22 000 ## ##",
        _words("ulica_Ogrodowa_# Lipová_# Kossuth_Lajos_utca_# Strada_Florilor_#"),
        _words("00-001_Warszawa 110_00_Praha 1051_Budapest 400001_Cluj"),
        _EUROPEAN,
    ),
    Culture(
        60,
        _words("Анна Елена Ольга Наталья Оксана Ирина Светлана Дарья Людмила София"),
        _words("Иван Дмитрий Сергей Алексей Михаил Богдан Николай Андрей Павел Фёдор"),
        _words("Иванов Петров Кузнецов Соколов Попов Лебедев Козлов Новиков Морозов Волков Шевченко Коваленко"),
        "+380 44 000 ## ##",
        _words("ул._Садовая,_# ул._Шевченко,_# Лесная_ул.,_#"),
        _words("Киев Одесса Рига Вильнюс"),
        _EUROPEAN,
        families_of_women=_words(
            "Иванова Петрова Кузнецова Соколова Попова Лебедева Козлова Новикова Морозова Волкова Шевченко Коваленко"
        ),
    ),
    Culture(
        20,
        _words("Μαρία Ελένη Αικατερίνη Σοφία Δήμητρα"),
        _words("Γεώργιος Νικόλαος Κωνσταντίνος Παναγιώτης Ιωάννης"),
        _words("Παπαδόπουλος Νικολάου Γεωργίου Αντωνίου Οικονόμου"),
        "+30 21 0000 ####",
        _words("Οδός_Αθηνάς_# Λεωφόρος_Νίκης_#"),
        _words("Αθήνα Θεσσαλονίκη"),
        _OLIVE,
        families_of_women=_words("Παπαδοπούλου Νικολάου Γεωργίου Αντωνίου Οικονόμου"),
    ),
    Culture(
        50,
        _words("Elif Zeynep Ayşe Şeyma Gülşen İpek Defne Çiğdem"),
        _words("Mehmet Deniz Çağlar Oğuz Emre İbrahim Ümit Şahin"),
        _words("Yılmaz Kaya Demir Şahin Çelik Öztürk Aydın Güneş Doğan Işık"),  # noqa: RUF001 - a letter of Turkish
        "+90 212 000 ## ##",
        _words("Atatürk_Caddesi_# Gül_Sokak_#"),
        _words("34110_İstanbul 06420_Ankara 35210_İzmir"),
        _OLIVE,
    ),
    Culture(
        60,
        _words("فاطمة مريم ليلى نور عائشة زينب سلمى هدى"),
        _words("محمد أحمد حسن يوسف خالد عمر إبراهيم سعيد"),
        _words("العلي الحسن الخطيب النجار السيد منصور حداد بن_عمر"),
        "+971 4 000 ####",
        _words("شارع_الزهراء_# شارع_النيل_#"),
        _words("دبي عمّان القاهرة"),
        ("III", "IV", "IV", "V"),
    ),
    Culture(
        10,
        _words("שרה רחל תמר יעל נועה"),
        _words("דוד יוסף משה אבי איתן"),
        _words("כהן לוי מזרחי פרץ ביטון"),
        "+972 3 000 ####",
        _words("רחוב_הרצל_# שדרות_בן_גוריון_#"),
        _words("חיפה ירושלים"),
        _OLIVE,
    ),
    Culture(
        40,
        _words("Aarti Priya Lakshmi Anjali सुनीता कविता Fatima Nasreen"),
        _words("Arjun Rahul Vikram Sanjay राजेश अमित Imran Tariq"),
        _words("Patel Sharma Singh Kumar Iyer शर्मा गुप्ता Khan Hussain Chatterjee"),
        "+91 22 0000 ####",
        _words("#_MG_Road #_Nehru_Nagar #_Station_Road"),
        _words("Mumbai_400001 Pune_411001 Chennai_600001"),
        _BROWN,
    ),
    Culture(
        40,
        _words("美咲 陽子 さくら 花子 恵美"),
        _words("健太 翔太 大輔 誠 浩二"),
        _words("田中 佐藤 鈴木 高橋 渡辺 伊藤 山本 小林"),
        "+81 3 0000 ####",
        _words("桜台#丁目 中央#丁目"),
        _words("東京都千代田区 大阪市北区"),
        _ASIAN,
        address="{town}{street}",
    ),
    Culture(
        30,
        _words("王芳 秀英 静 丽娟 晓明 지은 서연 민지"),
        _words("伟 强 志明 建国 磊 민준 지훈 성호"),
        _words("王 李 张 刘 陈 杨 김 이 박 최"),
        "+82 2 000 ####",
        _words("中山路#号 人民路#号"),
        _words("上海市 广州市 서울시"),
        _ASIAN,
        address="{town}{street}",
    ),
    Culture(
        20,
        _words("Nguyệt Hương Thảo Mỹ_Linh Ngọc"),
        _words("Đức Hùng Tuấn Quốc Minh"),
        _words("Nguyễn Trần Lê Phạm Hoàng Đặng Bùi"),
        "+84 28 0000 ####",
        _words("#_Đường_Lê_Lợi #_Phố_Huế"),
        _words("Hà_Nội Thành_phố_Hồ_Chí_Minh"),
        _ASIAN,
    ),
    Culture(
        10,
        _words("Amina Fatou Adaeze Ngozi Zainab Wanjiru Thandiwe Abeni"),
        _words("Chinedu Kwame Oluwaseun Tunde Sipho Babajide Mamadou Kamau"),
        _words("Okafor Mensah Diallo Nkosi Adébáyọ̀ Kamau N'Diaye Ọlátúnjí Mbeki"),
        "+234 1 000 ####",
        _words("#_Broad_Street #_Independence_Avenue"),
        _words("Lagos Accra Dakar Nairobi"),
        _DARK,
    ),
)
