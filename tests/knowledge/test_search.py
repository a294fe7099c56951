"""Searching the shipped base, as students ask."""

import time
from pathlib import Path

import pytest

from bot.helpdesk.library import as_entry
from bot.journal import TrainerEntry
from bot.knowledge import DEFAULT_FOLDER, KnowledgeBase, load_entries, plain
from bot.knowledge.evaluation import evaluate

QUESTIONS = Path(__file__).parent / "questions"


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase(load_entries(DEFAULT_FOLDER))


def test_every_wording_finds_its_own_entry_first(base: KnowledgeBase) -> None:
    lost = [
        (entry.id, wording)
        for entry in base.entries
        for wordings in entry.questions.values()
        for wording in wordings
        if (found := base.search(wording)).kind != "answer" or found.entries[0] is not entry
    ]
    assert lost == []


@pytest.mark.parametrize("file", sorted(QUESTIONS.glob("*.yaml")), ids=lambda file: file.stem)
def test_questions_written_without_the_entries_meet_their_bars(base: KnowledgeBase, file: Path) -> None:
    report = evaluate(base, file)
    assert not report.missed, report.table()


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("cmt lister les pods stp", "list-pods"),
        ("comment je vois les pods ?", "list-pods"),
        ("COMMENT LISTER LES PODS", "list-pods"),
        ("lister podes", "list-pods"),
        ("jveux lister les pods 🙏🙏", "list-pods"),
        ("jinstalle k3s comment", "install-k3s"),
        ("cmt on instal k3s", "install-k3s"),
        ("how to uninstal k3s plz", "uninstall-k3s"),
        ("afiché lé servisse", "list-services"),
        ("cmt rvnir a la versn davan", "rollback"),
        ("pour koi mon pod é en crash lup bak of", "crashloopbackoff"),
        ("how je list les nodes ?", "list-nodes"),
        ("\u200bcomment\u200b lister\u00a0les pods", "list-pods"),
        ("<@U123ABC> comment lister les pods ?", "list-pods"),
    ],
)
def test_typos_abbreviations_and_markup_do_not_hide_a_question(base: KnowledgeBase, question: str, entry: str) -> None:
    assert base.answer(question).entries[0] == entry


@pytest.mark.parametrize(
    ("after", "question", "entry"),
    [
        ("comment installer k3s ?", "et pour l'enlever ?", "uninstall-k3s"),
        ("how do I install k3s?", "and how do I remove it?", "uninstall-k3s"),
        ("comment créer un namespace ?", "et pour le supprimer ?", "delete-namespace"),
        ("c'est quoi stern ?", "comment je l'installe ?", "stern"),
    ],
)
def test_a_follow_up_is_read_with_the_question_before_it(
    base: KnowledgeBase, after: str, question: str, entry: str
) -> None:
    assert base.answer(question, after).entries[0] == entry


@pytest.mark.parametrize(
    ("thread", "question", "entry"),
    [
        (("c'est quoi un service ?", "et en yaml ?"), "how do I delete it?", "delete-service"),
        (("comment créer un déploiement ?", "merci !"), "et pour le supprimer ?", "delete-deployment"),
    ],
)
def test_what_a_thread_is_about_outlives_the_question_between(
    base: KnowledgeBase, thread: tuple[str, ...], question: str, entry: str
) -> None:
    assert base.answer(question, *thread).entries[0] == entry


def test_a_question_that_stands_alone_forgets_the_one_before(base: KnowledgeBase) -> None:
    assert base.answer("Comment installer k3s ?", "c'est quoi un pod ?").entries[0] == "install-k3s"


def test_two_questions_in_one_message_are_answered_in_their_order(base: KnowledgeBase) -> None:
    answer = base.answer("Comment lister les nodes et comment lister les namespaces ?")
    assert answer.entries[:2] == ("list-nodes", "list-namespaces")
    assert [part.commands[0].run for part in answer.parts] == ["kubectl get nodes", "kubectl get namespaces"]


@pytest.mark.parametrize(
    ("question", "entries"),
    [
        ("on scale comment, et on liste les pods comment ?", ("scale-deployment", "list-pods")),
        ("c'est quoi un pod et un service ?", ("what-is-a-pod", "what-is-a-service")),
        ("comment créer un namespace et le supprimer ?", ("create-namespace", "delete-namespace")),
        ("comment lister les services ? et les pods ?", ("list-services", "list-pods")),
        ("what is etcd and the scheduler?", ("what-is-etcd", "what-is-the-scheduler")),
        ("comment voir les logs et entrer dans le pod", ("pod-logs", "exec-pod")),
        ("krew et stern, à quoi ça sert ?", ("krew", "stern")),
        ("c'est quoi k3s et est-ce qu'on peut l'utiliser sur plusieurs machines ?", ("what-is-k3s", "k3s-multi-node")),
        ("OpenShift c'est de qui, et il utilise quoi pour les volumes ?", ("what-is-openshift", "openshift-ceph")),
        ("volumes et surveillance, openshift utilise quoi ?", ("openshift-ceph", "openshift-prometheus")),
        ("installer le dashboard et aussi l'ouvrir", ("dashboard-install", "dashboard-access")),
        ("1. lister les nodes 2. lister les services", ("list-nodes", "list-services")),
        ("- lister les nodes\n- lister les services", ("list-nodes", "list-services")),
        ("create a deployment then scale it, both commands please", ("create-deployment", "scale-deployment")),
        ("k3s: one command to install, one to uninstall?", ("install-k3s", "uninstall-k3s")),
        ("DaemonSet vs StatefulSet, one line each?", ("what-is-a-daemonset", "what-is-a-statefulset")),
        (
            "ImagePullBackOff et CrashLoopBackOff c'est pareil ? explique les 2",
            ("imagepullbackoff", "crashloopbackoff"),
        ),
    ],
)
def test_a_second_question_may_leave_out_what_the_first_one_said(
    base: KnowledgeBase, question: str, entries: tuple[str, ...]
) -> None:
    answer = base.answer(question)
    assert (len(answer.parts), answer.entries[:2]) == (2, entries)


@pytest.mark.parametrize(
    "question",
    ["Mon conteneur a planté et redémarré, où sont ses logs ?", "comment lister les pods ? je débute, sorry"],
)
def test_what_is_told_beside_a_question_is_not_another_one(base: KnowledgeBase, question: str) -> None:
    assert len(base.answer(question).parts) == 1


def test_two_halves_of_one_question_are_answered_once(base: KnowledgeBase) -> None:
    for question in ("c'est quoi la différence entre kubeadm et kubectl ?", "kubeadm et kubectl, quelle différence ?"):
        assert len(base.answer(question).parts) == 1


def test_a_close_second_is_the_first_button(base: KnowledgeBase) -> None:
    for question in ("port-forward", "namespace", "k3s", "dashboard"):
        finding = base.search(question)
        if finding.close:
            assert base.answer(question).related[0][0] == finding.entries[1].id
            return
    pytest.fail("no question with a close second")


@pytest.mark.parametrize(
    "question",
    [
        "comment faire un git rebase ?",
        "docker compose up ne démarre pas",
        "Comment installer VirtualBox ?",
        "c'est quand l'examen ?",
        "quel est le mot de passe du wifi ?",
        "fais mon TP à ma place",
        "How do I write an operator with kubebuilder?",
        "quel temps fera-t-il demain ?",
        "comment faire une pâte à crêpes ?",
        "docker compose c'est quoi ?",
        "comment créer un utilisateur linux ?",
        "quelle est la différence entre TCP et UDP ?",
    ],
)
def test_what_the_course_does_not_teach_is_unknown_with_the_nearest_entries(base: KnowledgeBase, question: str) -> None:
    answer = base.answer(question)
    assert answer.kind == "unknown"
    assert len(answer.nearest) == 3


@pytest.mark.parametrize(
    "question",
    [
        "Bonjour !",
        "merci beaucoup 🙏",
        "T'es qui ?",
        "who are you?",
        "slt",
        "à demain",
        "bonne soirée à tous",
        "thx, very helpful",
    ],
)
def test_small_talk_gets_one_line_with_what_can_be_asked(base: KnowledgeBase, question: str) -> None:
    answer = base.answer(question)
    assert answer.kind == "smalltalk"
    assert len(answer.parts) == 1
    assert "`" in plain(answer)


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n",
        "<@U123ABC>",
        "🤔🤔",
        "??",
        "\u200b\u200b",
        "1234",
        "كيف حالك",
        "x" * 40_000,
        "*_~`>|",
        "import os; os.x()",
    ],
)
def test_what_is_no_question_gets_one_reply_that_leads_on(base: KnowledgeBase, question: str) -> None:
    answer = base.answer(question)
    assert answer.kind == "smalltalk" or len(answer.nearest) == 3
    assert len(plain(answer)) > 40


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("```\nNAME READY STATUS\ndemo-1 0/1 CrashLoopBackOff\n```\npourquoi ?", "crashloopbackoff"),
        ('Error from server (Forbidden): pods is forbidden: User "x" cannot list resource', "forbidden-error"),
        ("$ kubectl get pods\nThe connection to the server localhost:8080 was refused", "localhost-8080-refused"),
        ("comment *exposer* mon `déploiement` ? <https://kubernetes.io|doc>", "expose-deployment"),
        ("\u202eاشرح what is a pod?\u202c", "what-is-a-pod"),
        ("> comment installer k3s ?", "install-k3s"),
        ("com\u200bment ins\u200dtaller k\ufeff3s", "install-k3s"),
    ],
)
def test_what_is_pasted_or_marked_up_is_read_for_its_question(base: KnowledgeBase, question: str, entry: str) -> None:
    answer = base.answer(question)
    assert (answer.kind, answer.entries[0]) == ("answer", entry)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("¿Cómo listar los pods?", "list-pods"),
        ("como instalo k3s en mi maquina?", "install-k3s"),
        ("מה זה pod", "what-is-a-pod"),
    ],
)
def test_a_third_language_is_answered_in_english_with_a_word_about_it(
    base: KnowledgeBase, question: str, entry: str
) -> None:
    answer = base.answer(question)
    assert (answer.lang, answer.entries[0]) == ("en", entry)
    assert "French and English" in answer.parts[0].explanation


@pytest.mark.parametrize(
    ("question", "lang"),
    [("comment lister les pods", "fr"), ("how do I list the pods", "en"), ("kubectl get pods", "fr")],
)
def test_an_answer_is_in_the_language_of_its_question(base: KnowledgeBase, question: str, lang: str) -> None:
    assert base.answer(question).lang == lang


def test_forty_thousand_characters_take_no_longer_than_a_question(base: KnowledgeBase) -> None:
    long = "Error from server (NotFound): pods not found " * 1000
    start = time.perf_counter()
    answer = base.answer(long)
    assert time.perf_counter() - start < 0.25
    assert answer.parts


def entry_about(id_: str, *english: str) -> str:
    wordings = ", ".join(f"{id_} {number}" for number in range(3))
    return f"""\
  - id: {id_}
    title: {{fr: {id_}, en: {id_}}}
    questions: {{fr: [{wordings}], en: [{", ".join(english)}]}}
    answer: {{fr: Oui., en: Yes.}}
"""


ABOUT_RUST = (("language", "what is Rust?", "why Rust?"), ("enums", "enums in Rust", "Rust enums"))
ABOUT_IT_TOO = ("ownership", "what is ownership?", "the rules of ownership")


def test_what_is_another_subject_here_is_the_subject_of_a_course_about_it(base: KnowledgeBase, tmp_path: Path) -> None:
    chapter = "chapter: {fr: Rust, en: Rust}\nsource: The book\nentries:\n"
    entries = "".join(entry_about(*entry) for entry in (*ABOUT_RUST, ABOUT_IT_TOO))
    (tmp_path / "01-rust.yaml").write_text(chapter + entries, encoding="utf-8")
    other = KnowledgeBase(load_entries(tmp_path))
    question = "the rules of ownership in Rust"
    assert base.answer(question).kind == "unknown"
    assert (other.answer(question).kind, other.answer(question).entries[0]) == ("answer", "ownership")


@pytest.mark.parametrize(
    "question",
    [
        "c'est où déjà l'atelier longhorn jeudi ?",
        "salle atelier longhorn jeudi",
        "où se passe l'atelier Longhorn ?",
        "on va dans quelle salle pour longhorn jeudi",
    ],
)
def test_an_entry_that_a_trainer_gave_one_way_to_ask_is_found_by_others_whatever_its_subject(
    base: KnowledgeBase, question: str
) -> None:
    title, asked = "La salle de l'atelier Longhorn", "dans quelle salle a lieu l'atelier Longhorn de jeudi ?"
    stored = TrainerEntry(1, "room", title, (asked,), "En salle B204, à 14 h.", (), "U0TRAINER")
    taught = KnowledgeBase((*base.entries, as_entry(stored)))
    assert (taught.answer(question).kind, taught.answer(question).entries[0]) == ("answer", "room")
    assert base.answer(question).kind == "unknown"
    assert taught.answer("dans quelle salle est le prof de maths ?").kind == "unknown"
