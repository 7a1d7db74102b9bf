"""Single rules of cutting: what is a paragraph, what is noise, what stands above it."""

import pytest

from workbench.reports.html.reading import read_page

S = "The guards detained several fishermen without a warrant during the spring."


def texts(body: str) -> list[str]:
    return [piece.text for piece in read_page(body, "page.html").pieces]


def sections(body: str) -> list[tuple[str, ...]]:
    return [piece.section for piece in read_page(body, "page.html").pieces]


def test_list_items_without_a_colon_before_them_are_paragraphs_of_their_own() -> None:
    assert texts(
        f"<main><p>{S}</p><ul><li>One came back.</li><li>Two did not.</li></ul></main>"
    ) == [
        S,
        "One came back.",
        "Two did not.",
    ]


def test_nested_lists_after_a_colon_stay_with_it_until_the_outer_list_ends() -> None:
    page = (
        f"<main><p>The court found:</p><ol><li>first:<ul><li>rain;</li><li>dark;</li></ul></li>"
        f"<li>second.</li></ol><p>{S}</p></main>"
    )
    assert texts(page) == ["The court found: first: rain; dark; second.", S]


def test_a_heading_between_a_colon_and_a_list_parts_them() -> None:
    page = f"<main><p>{S}</p><p>He wrote:</p><h2>Then</h2><ul><li>It was late.</li></ul></main>"
    assert texts(page) == [S, "He wrote:", "It was late."]


def test_a_paragraph_cut_in_mid_sentence_is_rejoined() -> None:
    page = f"<main><p>{S}</p><p>The court fined him and</p><p>let him go at once.</p></main>"
    assert texts(page) == [S, "The court fined him and let him go at once."]


def test_a_paragraph_that_ended_is_not_joined_to_one_in_small_letters() -> None:
    assert texts(f"<main><p>{S}</p><p>e-Norland, a newspaper, closed in May.</p></main>") == [
        S,
        "e-Norland, a newspaper, closed in May.",
    ]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert texts(f"<td>{S}<br>It rained.<br> &nbsp; <br/>{S}</td>") == [f"{S} It rained.", S]


def test_unclosed_paragraphs_and_items_end_where_the_next_begins() -> None:
    assert texts(f"<body><p>{S}<p>It rained all day.<ul><li>One left.<li>Two stayed.</ul>") == [
        S,
        "It rained all day.",
        "One left.",
        "Two stayed.",
    ]


@pytest.mark.parametrize(
    "noise",
    [
        "<nav><p>{}</p></nav>",
        "<footer><p>{}</p></footer>",
        "<aside><p>{}</p></aside>",
        "<figure><figcaption>{}</figcaption></figure>",
        '<div class="share-bar"><p>{}</p></div>',
        '<div class="wp-caption"><p class="wp-caption-text">{}</p></div>',
        '<div id="CookieConsent"><p>{}</p></div>',
        "<div hidden><p>{}</p></div>",
        '<div style="display: none"><p>{}</p></div>',
        '<div role="dialog"><p>{}</p></div>',
        "<noscript><p>{}</p></noscript>",
        "<script>var a = '<p>{}</p>';</script>",
        "<!-- <p>{}</p> -->",
        "<template><p>{}</p></template>",
        '<p><a href="/next">{}</a></p>'.replace("{}", "Norland: all reports"),
        "<h2>Related Content</h2><ul><li>{}</li></ul>",
        "<div>Share</div>",
    ],
)
def test_noise_in_a_report_is_no_paragraph(noise: str) -> None:
    other = "A notice that has nothing to do with the report."
    before, after = f"<h2>A</h2><p>{S}</p><p>{S} Twice.</p>", f"<h2>B</h2><p>{S} Thrice.</p>"
    page = f"<main>{before}{noise.format(other)}{after}</main>"
    assert texts(page) == [S, f"{S} Twice.", f"{S} Thrice."]


@pytest.mark.parametrize("wrapper", ["<div class='sidebar-layout'>{}</div>", "<nav>{}</nav>",
                                     "<div style='display:none'>{}</div>"])  # fmt: skip
def test_what_holds_the_report_is_never_noise_whatever_it_is_called(wrapper: str) -> None:
    report = "".join(f"<h2>Part {n} of all</h2><p>{S} {S} {n}.</p>" for n in range(8))
    assert len(texts(wrapper.format(report))) == 8


def test_menus_and_notices_around_a_report_without_a_main_element_are_left_out() -> None:
    page = (
        "<div><ul><li><a href='/'>Home</a></li></ul></div>"
        "<div><p>We keep data on this device. By going on you agree to it.</p></div>"
        f"<div><div><h1>Norland</h1><h2>One</h2><p>{S}</p><p>{S} Again.</p>"
        f"<h2>Two</h2><p>{S} Once more.</p></div></div>"
        "<div><p>Our mission is to defend fishermen everywhere.</p></div>"
    )
    assert texts(page) == [S, f"{S} Again.", f"{S} Once more."]


def test_a_menu_whose_tags_do_not_match_does_not_swallow_the_report() -> None:
    page = (
        "<header><nav><ul><li><div><div><a href='/'>Home</a></div></li></ul></nav></header>"
        f"<main><h2>A</h2><p>{S}</p></main>"
    )
    assert texts(page) == [S]


def test_a_short_answer_under_a_heading_is_kept() -> None:
    page = f"<main><h2>A</h2><p>{S}</p><h2>B</h2><p>Not applicable</p><h2>C</h2><p>{S}</p></main>"
    assert texts(page) == [S, "Not applicable", S]


def test_an_icon_in_a_sentence_does_not_cut_it() -> None:
    icon = "<svg><title>out</title><path/></svg>"
    page = f"<main><p>See {icon}the harbour <button>x</button>law.</p></main>"
    assert texts(page) == ["See the harbour law."]


def test_headings_nest_by_their_numbers() -> None:
    page = (
        f"<main><h1>T</h1><h2>Sea</h2><p>{S}</p><h4>Nets</h4><p>{S}</p><h3>Boats</h3><p>{S}</p>"
        f"<h5>Oars</h5><p>{S}</p><h2>Land</h2><p>{S}</p></main>"
    )
    assert sections(page) == [
        ("Sea",),
        ("Sea", "Nets"),
        ("Sea", "Boats"),
        ("Sea", "Boats", "Oars"),
        ("Land",),
    ]


def test_the_title_of_a_page_is_no_step_of_the_path_but_other_first_headings_are() -> None:
    page = (
        f"<title>Norland | A Publisher</title><main><h1>Norland</h1><h1>Summary</h1><p>{S}</p>"
        f"<h1>Findings</h1><p>{S}</p></main>"
    )
    assert sections(page) == [("Summary",), ("Findings",)]


def test_headings_of_one_level_nest_where_their_sections_do() -> None:
    page = (
        f"<main><section><h3>Outer</h3><div><section><h3>Inner</h3><p>{S}</p></section>"
        f"<section><h3>Second</h3><p>{S}</p></section></div><p>{S}</p></section></main>"
    )
    assert sections(page) == [("Outer", "Inner"), ("Outer", "Second"), ("Outer",)]


def test_a_heading_of_lower_rank_in_the_next_section_still_stands_under_the_one_before() -> None:
    page = (
        f"<main><section><h3>Speech</h3><p>{S}</p></section>"
        f"<section><h4>Internet</h4><p>{S}</p></section></main>"
    )
    assert sections(page) == [("Speech",), ("Speech", "Internet")]


def test_a_numbered_section_does_not_stand_under_a_summary_that_has_ended() -> None:
    page = (
        f"<main><section><h2>Summary</h2><p>{S}</p></section>"
        f"<section><h4>Section 1.</h4><h3>Life</h3><p>{S}</p></section></main>"
    )
    assert sections(page) == [("Summary",), ("Section 1. Life",)]


def test_bold_lines_are_headings_only_where_no_tags_mark_them() -> None:
    bold = f"<p><b>Prison Conditions</b></p><p>{S}</p>"
    assert sections(f"<main><p>{S}</p>{bold}</main>") == [(), ("Prison Conditions",)]
    tagged = f"<main><h2>Alpha</h2><p>{S}</p><h2>Beta</h2>{bold}</main>"
    assert texts(tagged) == [S, "Prison Conditions", S]


def test_invisible_characters_and_entities_are_read_as_a_reader_sees_them() -> None:
    page = (
        "<main><p>Fisher\u00admen\u200b &amp; guards&nbsp;met at &#8220;Old&rdquo; Quay.</p></main>"
    )
    assert texts(page) == ["Fishermen & guards met at “Old” Quay."]


def test_marks_that_markdown_would_read_stay() -> None:
    assert texts(r"<main><p>*Not his name, he said \ of _all_ [things](here).</p></main>") == [
        r"*Not his name, he said \ of _all_ [things](here)."
    ]
