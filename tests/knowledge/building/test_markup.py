import pytest

from bot.knowledge.building.course import Code, Document, Page, Prose, Section, Unreadable
from bot.knowledge.building.markup import page_of_html, page_of_markdown

# As Docusaurus, MkDocs with its Material theme, and Antora write their pages, cut to what matters.
DOCUSAURUS = """<!doctype html><html lang="fr"><head><title>Les pods | Mon cours</title></head><body>
<div class="cookieBanner_x1"><h2>Cookies</h2><p>Nous utilisons des cookies.</p></div>
<nav class="navbar"><a href="/docs/intro">Accueil</a></nav>
<main class="docMainContainer_TBSr"><article>
<nav class="theme-doc-breadcrumbs" aria-label="Breadcrumbs"><ul><li>Cours</li></ul></nav>
<span class="theme-doc-version-badge badge">Version: 1.2</span>
<div class="theme-doc-markdown markdown"><header><h1>Les pods</h1></header>
<p>Un <strong>pod</strong> contient un ou plusieurs <code>conteneurs</code>.</p>
<h2 class="anchor" id="lister">Lister les pods<a href="#lister" class="hash-link" 
aria-label="Lien direct">\u200b</a></h2>
<p>Pour lister les pods&nbsp;:</p>
<div class="language-bash codeBlockContainer_Ckt0"><div class="codeBlockContent_biex">
<pre class="prism-code language-bash">
<code class="codeBlockLines_e6Vv"><span class="token-line"><span class="token plain">kubectl get pods</span><br></span
><span class="token-line"><span class="token plain">kubectl get pods -A</span><br></span></code></pre>
<div class="buttonGroup__atx"><button aria-label="Copier" class="clean-btn copyButton">Copier</button></div></div></div>
<div class="theme-admonition admonition_x"><div class="admonitionHeading_G">astuce</div>
<div><p>Essayez aussi <code>-o wide</code>.</p></div></div>
</div></article><nav class="pagination-nav"><a href="/docs/next">Suivant</a></nav></main>
<footer class="footer">© Mon cours</footer></body></html>"""

MKDOCS = """<html lang="en"><body><header class="md-header"><p>Course</p></header><main class="md-main">
<div class="md-sidebar"><nav><ul><li><a href="services/">Services</a></li></ul></nav></div>
<div class="md-content"><article class="md-content__inner md-typeset">
<a href="edit.md" class="md-content__button md-icon">Edit this page</a>
<h1 id="pods">Pods<a class="headerlink" href="#pods" title="Permanent link">&para;</a></h1>
<div class="admonition note"><p class="admonition-title">Note</p><p>Pods come and go.</p></div>
<h2 id="list">List them</h2>
<div class="language-bash highlight"><pre><span></span><code><a id="__codelineno-0-1" href="#__codelineno-0-1"></a
>kubectl<span class="w"> </span>get pods
<a id="__codelineno-0-2" href="#__codelineno-0-2"></a>kubectl get nodes
</code></pre></div>
<table><tr><th>Flag</th><th>What it does</th></tr><tr><td><code>-A</code></td><td>all namespaces</td></tr></table>
<ul><li>one<ul><li>two</li></ul></li></ul>
</article></div></main></body></html>"""


def html(text: str) -> Page:
    return page_of_html(Document("https://course.test/docs/pods", text.encode(), "html"))


def markdown(text: str, name: str = "pods.md") -> tuple[Section, ...]:
    return page_of_markdown(Document(name, text.encode(), "markdown")).sections


def texts(section: Section) -> list[str]:
    return [block.text for block in section.blocks]


def test_a_docusaurus_page_gives_its_sections_without_what_stands_around_them() -> None:
    page = html(DOCUSAURUS)
    pods, listing = page.sections
    assert page.lang == "fr"
    assert texts(pods) == ["Un pod contient un ou plusieurs `conteneurs`."]
    assert listing.path == ("Les pods", "Lister les pods")
    assert listing.url == "https://course.test/docs/pods#lister"
    assert listing.blocks == (
        Prose("Pour lister les pods :"),
        Code("kubectl get pods\nkubectl get pods -A", "bash"),
        Prose("Essayez aussi `-o wide`."),
    )


def test_a_mkdocs_page_keeps_its_code_its_tables_and_its_lists() -> None:
    pods, listing = html(MKDOCS).sections
    assert (pods.title, texts(pods)) == ("Pods", ["Pods come and go."])
    assert listing.blocks[0] == Code("kubectl get pods\nkubectl get nodes", "bash")
    assert texts(listing)[1:] == ["Flag — What it does", "`-A` — all namespaces", "• one", "• two"]


def test_a_page_without_landmarks_is_read_from_its_body() -> None:
    page = html("<body><header>Top</header><h1>A</h1>one<p>two<aside>x</aside></p><footer>f</footer></body>")
    assert [(section.title, texts(section)) for section in page.sections] == [("A", ["one", "two", "x"])]


def test_links_are_those_of_the_whole_page_and_absolute() -> None:
    assert html(DOCUSAURUS).links[0] == "https://course.test/docs/intro"
    assert html('<base href="/v2/"><p><a href="a">a</a></p>').links == ("https://course.test/v2/a",)


def test_the_charset_of_the_header_is_believed() -> None:
    document = Document("https://course.test/", "<h1>Nœuds éteints</h1>".encode("cp1252"), "html", "cp1252")
    assert page_of_html(document).sections[0].title == "Nœuds éteints"


def test_a_page_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(Unreadable, match="inside one another"):
        html("<main>" + "<div>" * 220 + "x")


def test_markdown_is_read_as_its_page_would_be() -> None:
    front = "---\ntitle: 'Les pods'\nsidebar_position: 2\n---\n"
    (pods, listing) = markdown(
        f"{front}Un *pod*.\n\n## Lister {{#lister}}\n\n```bash\nkubectl get pods\n```\n\n- a\n- b\n"
    )
    assert (pods.path, texts(pods)) == (("Les pods",), ["Un pod."])
    assert listing.path == ("Les pods", "Lister")
    assert listing.blocks == (Code("kubectl get pods", "bash"), Prose("• a"), Prose("• b"))


def test_a_page_without_a_title_is_called_by_its_file() -> None:
    assert markdown("Some words.", "docs/first-steps.md")[0].path == ("first steps",)


def test_mdx_admonitions_tabs_and_shortcodes_leave_what_they_hold() -> None:
    (section,) = markdown(
        "import Tabs from '@theme/Tabs';\n\n# Pods\n\n<Tabs>\n\n:::note\n\nShort-lived.\n\n:::\n\n</Tabs>\n\n"
        '!!! warning "Mind"\n    They vanish.\n\n=== "Linux"\n\n    ```sh\n    ls -l\n    ```\n\n'
        'A {{< glossary_tooltip term_id="pod" text="pod" >}} dies.{{% heading "x" %}}\n'
    )
    assert texts(section) == ["Short-lived.", "They vanish.", "ls -l", "A pod dies."]


def test_what_looks_like_mdx_in_a_code_block_is_the_lesson() -> None:
    (section,) = markdown("# A\n\n```js\nimport a from 'a';\n{{< x >}}\n```\n")
    assert section.blocks == (Code("import a from 'a';\n{{< x >}}", "js"),)


def test_a_heading_that_only_holds_others_is_no_section_but_an_empty_one_is() -> None:
    assert [section.path for section in markdown("# A\n## B\nb\n## C\n# D\n")] == [("A", "B"), ("A", "C"), ("D",)]


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(Unreadable, match="not text"):
        page_of_markdown(Document("a.md", b"\x00\x01\x02", "markdown"))
