"""What is written down at visits, in two languages, and around patients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """A visit's notes are one of each; `{where}` and `{size}` are filled in."""

    reasons: Sequence[str]
    findings: Sequence[str]
    plans: Sequence[str]
    places: Sequence[str]


PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        (
            "Routine skin check.",
            "Mole on the {where}, said to have changed over three months.",
            "Itching rash on the {where} for two weeks.",
            "Follow-up after excision on the {where}.",
            "Psoriasis, review under treatment.",
            "Second opinion wanted on a lesion of the {where}.",
            "Acne, three months into treatment.",
        ),
        (
            "Symmetrical brown macule on the {where}, {size} mm, regular network.",
            "Erythematous scaly plaque on the {where}, {size} mm, well demarcated.",
            "Pigmented lesion on the {where}, {size} mm, asymmetrical, two colours; no ulceration.",
            "Scar on the {where} without irritation, {size} mm. No sign of recurrence.",
            "Keratotic papule on the {where}, {size} mm, rough on palpation.",
            "Pearly nodule on the {where}, {size} mm, with telangiectases.",
            "No suspicious lesions. Multiple seborrhoeic keratoses on the {where}.",
        ),
        (
            "Photographs taken. Review in three months.",
            "Excision advised; date to be arranged.",
            "Topical steroid once a day for two weeks, then twice a week.",
            "Sun protection discussed. Review in a year.",
            "Biopsy taken, result in a week.",
            "Treatment goes on unchanged.",
            "Cryotherapy, well tolerated.",
        ),
        ("back", "left forearm", "right calf", "scalp", "chest", "left cheek", "nose", "abdomen", "right shoulder"),
    ),
    "fr": Phrases(
        (
            "Contrôle cutané de routine.",
            "Grain de beauté, {where}, qui aurait changé en trois mois.",
            "Éruption prurigineuse, {where}, depuis deux semaines.",
            "Suivi après exérèse, {where}.",
            "Psoriasis, contrôle sous traitement.",
        ),
        (
            "Macule brune symétrique, {where}, {size} mm, réseau régulier.",
            "Plaque érythémato-squameuse, {where}, {size} mm, bien limitée.",
            "Lésion pigmentée asymétrique, {where}, {size} mm, deux couleurs, sans ulcération.",
            "Cicatrice calme, {where}, {size} mm. Pas de récidive.",
            "Nodule perlé, {where}, {size} mm, avec télangiectasies.",
        ),
        (
            "Photographies prises. Contrôle dans trois mois.",
            "Exérèse conseillée ; date à convenir.",
            "Dermocorticoïde une fois par jour pendant deux semaines.",
            "Protection solaire expliquée. Contrôle dans un an.",
            "Biopsie faite, résultat dans une semaine.",
        ),
        ("dos", "avant-bras gauche", "mollet droit", "cuir chevelu", "thorax", "joue gauche", "nez", "abdomen"),
    ),
}
"""By language."""

REMARKS: Sequence[str] = (
    "Prefers appointments in the morning.",
    "Hard of hearing; please face the patient when speaking.",
    "Allergic to latex.",
    "Needs an interpreter.",
    "Wheelchair user.",
)
REVOKED_BECAUSE: Sequence[str] = (
    "Does not wish to be photographed any more.",
    "Withdrawn by letter.",
    "Withdrawn at the visit, without giving reasons.",
)
CONSENT_NOTES: Sequence[str | None] = (None, None, "Form scanned into the hospital's archive.", "Given at the visit.")
