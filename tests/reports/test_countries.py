"""Countries by the names that report pages and file names give them."""

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.countries import country_of, find_country, key_of, known_names
from workbench.reports.country_names import ALIASES, PARTS, STATES
from workbench.reports.filenames import code_in_name, read_name

WRITTEN = {
    "Burma": "MMR",
    "Myanmar/Burma": "MMR",
    "Republic of the Union of Myanmar": "MMR",
    "Cote d'Ivoire": "CIV",
    "Côte d’Ivoire": "CIV",
    "COTE D'IVOIRE": "CIV",
    "Ivory Coast": "CIV",
    "Korea, Democratic People's Republic of": "PRK",
    "Korea (Democratic People’s Republic of)": "PRK",
    "North Korea": "PRK",
    "Korea, Republic of": "KOR",
    "Korea (Republic of)": "KOR",
    "Korea (South)": "KOR",
    "Gambia, The": "GMB",
    "The Gambia": "GMB",
    "Bahamas, The": "BHS",
    "Congo, Democratic Republic of the": "COD",
    "Congo (Democratic Republic of the)": "COD",
    "Democratic Republic of Congo": "COD",
    "Congo (Kinshasa)": "COD",
    "Dem. Rep. of the Congo": "COD",
    "DRC": "COD",
    "Congo (Brazzaville)": "COG",
    "Congo, Republic of the": "COG",
    "Congo": "COG",
    "Russia": "RUS",
    "Syria": "SYR",
    "Iran (Islamic Republic of)": "IRN",
    "Turkey": "TUR",
    "Türkiye": "TUR",
    "Turkey (Türkiye)": "TUR",
    "Swaziland": "SWZ",
    "Cape Verde": "CPV",
    "Macedonia": "MKD",
    "Macedonia (the former Yugoslav Republic of)": "MKD",
    "The former Yugoslav Republic of Macedonia": "MKD",
    "Czech Republic": "CZE",
    "East Timor": "TLS",
    "Kosovo": "XKX",
    "Kosovo (under UNSCR 1244)": "XKX",
    "Serbia (including Kosovo)": "SRB",
    "Taiwan": "TWN",
    "China (Taiwan only)": "TWN",
    "Hong Kong, China": "HKG",
    "Macau": "MAC",
    "China (includes Tibet, Hong Kong, and Macau)": "CHN",
    "China (Includes Hong Kong, Macau, and Tibet)—Hong Kong": "HKG",
    "West Bank and Gaza": "PSE",
    "Palestine (State of)": "PSE",
    "Occupied Palestinian Territory, including East Jerusalem": "PSE",
    "Israel, West Bank and Gaza - Israel": "ISR",
    "Israel, West Bank and Gaza - West Bank and Gaza": "PSE",
    "Western Sahara": "ESH",
    "Holy See": "VAT",
    "U.S.": "USA",
    "UK": "GBR",
    "UAE": "ARE",
    "St. Lucia": "LCA",
    "St. Vincent and the Grenadines": "VCT",
    "Bosnia & Herzegovina": "BIH",
    "Bosnia-Herzegovina": "BIH",
    "São Tomé and Príncipe": "STP",
    "Guinea-Bissau": "GNB",
    "Guinea (Equatorial)": "GNQ",
    "Lao PDR": "LAO",
    "Viet Nam": "VNM",
    "Virgin Islands (British)": "VGB",
    "Micronesia (Federated States of)": "FSM",
    "Netherlands (Kingdom of the)": "NLD",
    "Yugoslavia (Federal Republic of)": "YUG",
    "Serbia and Montenegro": "SCG",
    "Zaire": "COD",
    "Kenya*": "KEN",
}
IN_PART = {
    "Tibet": "CHN",
    "China (includes Hong Kong, Macau, and Tibet) - Tibet": "CHN",
    "China and Tibet": "CHN",
    "Crimea": "UKR",
    "Ukraine (Crimea)": "UKR",
    "Turkish Republic of Northern Cyprus": "CYP",
    "Cyprus - the Area Administered by Turkish Cypriots": "CYP",
    "Israel, West Bank and Gaza": "ISR",
    "Israel/Palestine": "ISR",
    "Israel and the Occupied Territories": "ISR",
    "Somaliland": "SOM",
}
NO_COUNTRIES = ["", "The", "and", "Veldoria", "Guide", "Home", "Korea", "European Union", "World",
                "Congo (Some River)", "Reports on Kenya", "Kenya - A Story",
                "Paris, France"]  # fmt: skip


@pytest.mark.parametrize(("name", "code"), WRITTEN.items())
def test_a_name_as_reports_write_it_is_its_whole_country(name: str, code: str) -> None:
    found = find_country(name)
    assert found is not None
    assert (found.code, found.whole) == (code, True)
    assert found.name == country_of(code).name
    assert find_country(name.upper()) == find_country(name.lower()) == found


@pytest.mark.parametrize(("name", "code"), IN_PART.items())
def test_parts_and_pairs_of_countries_are_told_from_whole_ones(name: str, code: str) -> None:
    found = find_country(name)
    assert found is not None
    assert (found.code, found.whole) == (code, False)


@pytest.mark.parametrize("name", NO_COUNTRIES)
def test_what_is_no_countrys_name_is_none(name: str) -> None:
    assert find_country(name) is None


@pytest.mark.parametrize("field", ["name", "common_name", "official_name"])
def test_every_name_of_iso_is_its_own_country(field: str) -> None:
    countries = [country for country in pycountry.countries if hasattr(country, field)]
    assert len(countries) > 5
    for country in countries:
        found = find_country(getattr(country, field))
        assert found is not None, country
        assert (found.code, found.whole) == (country.alpha_3, True)


def test_every_alias_is_the_country_that_the_table_says_and_no_code_is_new() -> None:
    iso = {country.alpha_3 for country in pycountry.countries}
    assert not iso & set(STATES)
    for table in (ALIASES, PARTS):
        assert set(table) <= iso | set(STATES)
        for code, names in table.items():
            for name in names:
                assert find_country(name).code == code, name


def test_the_name_shown_for_a_country_leads_back_to_it() -> None:
    for match in known_names().values():
        assert find_country(match.name).code == match.code
        assert find_country(match.written).code == match.code


def test_a_former_name_is_kept_as_it_was_written() -> None:
    assert find_country("BURMA").written == "Burma"
    assert find_country("BURMA").name == "Myanmar"


@given(st.text(max_size=60), st.sampled_from(sorted(WRITTEN)))
def test_no_text_breaks_the_search_nor_spelling_changes_it(noise: str, name: str) -> None:
    find_country(noise)
    find_country(f"{name} ({noise}")
    spaced = name.replace(" ", "  ").replace("'", "’")
    assert find_country(f" {spaced} ").code == WRITTEN[name]


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert key_of(key_of(name)) == key_of(name)


FILES = {
    "KAZ_2019": "KAZ",
    "kaz-2019-state": "KAZ",
    "kazakhstan-2019-state": "KAZ",
    "KAZAKHSTAN-2018": "KAZ",
    "Kazakhstan2019": "KAZ",
    "wr2021_kazakhstan": "KAZ",
    "313615_KAZAKHSTAN-2021-HUMAN-RIGHTS-REPORT": "KAZ",
    "us-department-of-state-2019-kazakhstan": "KAZ",
    "CIV-2020": "CIV",
    "2019-cote-d-ivoire": "CIV",
    "Côte-d’Ivoire-2019": "CIV",
    "BURMA-2017-HUMAN-RIGHTS-REPORT": "MMR",
    "CHINA-INCLUDES-TIBET-HONG-KONG-AND-MACAU-2018-HUMAN-RIGHTS-REPORT": "CHN",
    "CONGO-DEMOCRATIC-REPUBLIC-OF-2018": "COD",
    "Democratic-People-s-Republic-of-Korea_2019": "PRK",
    "GAMBIA-THE-2018": "GMB",
    "guinea-bissau-2020": "GNB",
    "equatorial_guinea_2020": "GNQ",
    "st-lucia-2018": "LCA",
    "uk_2020_amnesty": "GBR",
    "hrw-us-2022": "USA",
    "CCPR_C_KAZ_CO_2-EN": "KAZ",
    "A_HRC_WG.6_34_KAZ_2_E": "KAZ",
    "MAR_2019": "MAR",
}


@pytest.mark.parametrize(("stem", "code"), FILES.items())
def test_a_file_name_names_its_country(stem: str, code: str) -> None:
    assert code_in_name(stem).code == code


@pytest.mark.parametrize(
    "stem",
    ["", "x", "ben", "mar-2019", "per-diem-2019", "my-notes-2019", "niger-nigeria", "G1932541",
     "report_and_annex", "veldoria-2019-state", "us-state-2019", "KAZ-UZB-2019", "who-can-vote"],
)  # fmt: skip
def test_a_file_name_without_one_country_names_none(stem: str) -> None:
    assert code_in_name(stem) is None


@pytest.mark.parametrize("country", list(pycountry.countries), ids=lambda c: c.alpha_3)
def test_each_countrys_name_and_code_are_found_in_file_names(country: object) -> None:
    slug = key_of(country.name).replace(" ", "-")
    assert code_in_name(f"{slug}-2019-state").code == country.alpha_3
    assert code_in_name(f"{slug.upper()}-2019-HUMAN-RIGHTS-REPORT").code == country.alpha_3
    assert code_in_name(f"{country.alpha_3}_2019").code == country.alpha_3


def test_publisher_and_years_are_read_from_a_file_name() -> None:
    signs = read_name("wr2021_kenya")
    assert (signs.source, signs.year, signs.published) == ("hrw", 2020, 2021)
    signs = read_name("KENYA-2018-HUMAN-RIGHTS-REPORT")
    assert (signs.source, signs.year, signs.published) == ("state", 2018, None)
    assert read_name("KENYA_2017-2018_amnesty").year == 2017
    assert read_name("kenya-2012-and-2018").year is None
    assert read_name("CCPR_C_KEN_CO_4").source == "un"


@given(st.text(max_size=80))
def test_any_file_name_is_read_without_an_error(stem: str) -> None:
    assert read_name(stem).country == code_in_name(stem)
