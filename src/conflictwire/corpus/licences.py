"""Which licences let a text be fetched for everybody and published again: the one list of them.

Knows identifiers only. What a licence asks for (credit, share-alike) stands in an article's
`attribution` and on the card.
"""

OPEN = {
    "CC-BY-2.5": "https://creativecommons.org/licenses/by/2.5/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    # 17 U.S.C. 105: works of the United States Government; SPDX has no identifier for it.
    "LicenseRef-US-Public-Domain": "https://www.law.cornell.edu/uscode/text/17/105",
}


def is_open(licence: str) -> bool:
    """Whether a text under this licence (SPDX identifier, or `LicenseRef-` and a word) may be redistributed."""
    return licence in OPEN
