"""The consent forms that come with the product, until a site writes its own. They are version 0."""

from collections.abc import Mapping

from dermfolio.contracts.views.consent import ConsentFormText

DEFAULT_FORMS: Mapping[str, ConsentFormText] = {
    "en": ConsentFormText(
        title="Consent to clinical photography",
        text="""Clinical photographs of your skin help the people who treat you to document findings, to follow how they develop, and to plan your treatment. They are part of your medical record.

What is photographed. Photographs are taken of the areas that matter for your care. Where your face or other features by which you could be recognised are not needed, they are left out as far as possible.

How photographs are kept. They are stored encrypted on the clinic's own systems, are seen only by people who need them for the purposes you agree to, and every access is recorded. They are kept as long as the law requires for medical records.

What photographs are used for. They are used for your own care. You decide separately whether they may also be used for teaching, publication, research or information about the clinic. Only the purposes that are ticked on this form are agreed to.

Your choice. Giving this consent is voluntary. You may refuse without any disadvantage for your treatment, and you may withdraw it at any time, without giving reasons, by telling the clinic. From then on no further photographs are taken, and those taken before are no longer used for other purposes than your care and what the law requires. What has already been published may not be possible to withdraw.

I have read or been told the above, was able to ask questions, and agree to photographs being taken and used for the purposes ticked on this form.""",  # noqa: E501 - paragraphs
    ),
    "fr": ConsentFormText(
        title="Consentement à la photographie clinique",
        text="""Les photographies cliniques de votre peau aident les personnes qui vous soignent à documenter les constatations, à suivre leur évolution et à planifier votre traitement. Elles font partie de votre dossier médical.

Ce qui est photographié. Les photographies montrent les régions utiles à vos soins. Lorsque votre visage ou d'autres signes permettant de vous reconnaître ne sont pas nécessaires, ils sont laissés de côté autant que possible.

Conservation des photographies. Elles sont enregistrées sous forme chiffrée dans les systèmes de la clinique, ne sont vues que par les personnes qui en ont besoin pour les finalités que vous acceptez, et chaque accès est consigné. Elles sont conservées aussi longtemps que la loi l'exige pour les dossiers médicaux.

Utilisation des photographies. Elles servent à vos propres soins. Vous décidez séparément si elles peuvent aussi servir à l'enseignement, à une publication, à la recherche ou à l'information sur la clinique. Seules les finalités cochées sur ce formulaire sont acceptées.

Votre choix. Ce consentement est volontaire. Vous pouvez le refuser sans aucun désavantage pour votre traitement, et le retirer à tout moment, sans donner de raison, en le faisant savoir à la clinique. Dès lors, aucune nouvelle photographie n'est prise, et celles prises auparavant ne servent plus à d'autres fins que vos soins et ce que la loi exige. Il se peut que ce qui a déjà été publié ne puisse plus être retiré.

J'ai lu ou l'on m'a expliqué ce qui précède, j'ai pu poser des questions, et j'accepte que des photographies soient prises et utilisées pour les finalités cochées sur ce formulaire.""",  # noqa: E501 - paragraphs
    ),
}
"""By language."""
