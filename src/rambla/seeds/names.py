"""Names for people whom nobody has met: the same number always gets the same one."""

from __future__ import annotations

from typing import Final, Literal

_WOMEN: Final = (
    "Agnes Amara Anneke Astrid Aylin Beatriz Bianca Camille Carmen Chiara Clara Daria Delphine Dora Edith Elena Emilia"
    " Esther Fatima Freya Gloria Greta Hana Helena Ilse Imani Ingrid Irene Isla Ivy Jana Joanna Josephine June Karin"
    " Katya Leila Lena Lucia Mabel Maeve Marta Maya Mei Mina Miriam Nadia Nell Nina Noor Olive Pearl Petra Rosa Ruth"
    " Saskia Selma Sofia Stella Tess Thea Ursula Vera Wanda Yara Yuki Zoe"
)
_MEN: Final = (
    "Aaron Abel Adrian Albert Amir Anders Andre Anton Arthur Basil Benno Bruno Caleb Carlo Cyrus Dan Dario Desmond"
    " Diego Edgar Elias Emil Enzo Ezra Felix Finn Gabriel Gaspar Henrik Hugo Ibrahim Igor Ivan Jasper Joel Jonas Jorge"
    " Julian Karl Kenji Leon Levi Louis Luis Magnus Malik Marco Marius Mateo Max Milan Moses Nico Noah Omar Oscar Otto"
    " Paolo Pavel Rafael Rashid Rene Samir Silas Tariq Theo Tobias Victor Viggo Walter Yusuf"
)
_FAMILIES: Final = (
    "Abara Acker Albrecht Amato Andrade Asante Baptiste Bauer Becker Bellamy Berger Bianchi Blom Boateng Brandt Brodie"
    " Calloway Carvalho Castellan Chen Conti Cortez Daly Danso Dekker Diallo Donovan Dressler Eklund Escobar Falk"
    " Farrow Ferrante Fischer Fontaine Forde Gallo Garrido Greene Gruber Haddad Hagen Halim Hara Hartley Hayashi Heller"
    " Holm Ibarra Idris Imai Jansen Jelinek Kaya Keane Keller Khan Kovac Krause Kruger Laurent Leclerc Lindholm"
    " Lombardi Lovell Maddox Malik Marek Marsden Mendez Meyer Mori Morrow Nakata Nilsen Novak Nwosu Obi Okada Olsen"
    " Ortega Osei Page Park Patel Pereira Petrov Quinn Ramos Rinaldi Rosen Rossi Roth Sandoval Sato Schreiber Shaw"
    " Silva Sorensen Stein Suarez Szabo Tanaka Thorne Torres Ueda Vance Vargas Vidal Vogel Wallin Weiss Winter Yilmaz"
    " Zeller Zhou"
)
WOMEN, MEN, FAMILIES = _WOMEN.split(), _MEN.split(), _FAMILIES.split()
_EVERYBODY: Final = [name for pair in zip(WOMEN, MEN, strict=False) for name in pair]


def full_name(number: int, *, of: Literal["F", "M"] | None = None) -> str:
    """Neighbouring numbers share neither first name nor family."""
    first = {"F": WOMEN, "M": MEN, None: _EVERYBODY}[of]
    return f"{first[number % len(first)]} {FAMILIES[(number * 37 + number // len(first)) % len(FAMILIES)]}"


def handle(name: str, number: int) -> str:
    """The number makes it one's own."""
    return f"{name.lower().replace(' ', '_')}_{number}"
