"""The rows that the helpdesk answers: no verbs of kubectl's, no API rights; typed and explained like the others."""

from bot.language import Text
from bot.sandbox.table.arguments import ANY_NAMESPACE
from bot.sandbox.table.flags import NAMESPACE
from bot.sandbox.table.rows import Argument, Verb

FREEZE = Verb(
    name="freeze",
    does=Text(
        "arrête toutes les écritures, partout ou dans un namespace", "stops all writes, everywhere or in one namespace"
    ),
    usage="freeze [NAMESPACE]",
    examples=("freeze", "freeze equipe-rouge"),
    role="trainer",
    aliases=("geler",),
    args=(ANY_NAMESPACE,),
    ours=True,
    flags=(NAMESPACE,),
)
UNFREEZE = Verb(
    name="unfreeze",
    does=Text("rouvre les écritures", "opens writes again"),
    usage="unfreeze [NAMESPACE]",
    examples=("unfreeze", "unfreeze equipe-rouge"),
    role="trainer",
    aliases=("dégeler", "degeler"),
    args=(ANY_NAMESPACE,),
    ours=True,
    flags=(NAMESPACE,),
)
WRITES_OF_TODAY = Verb(
    name="history",
    does=Text("montre les écritures d'aujourd'hui : qui, quand, quoi", "shows today's writes: who, when, what"),
    usage="history [NAMESPACE|NAME]",
    examples=("history", "history equipe-rouge", "history demonstration"),
    role="trainer",
    aliases=("historique",),
    args=(
        Argument(
            "NAMESPACE|NAME",
            Text("seulement ce namespace ou cet objet", "this namespace or this object only"),
            required=False,
        ),
    ),
    ours=True,
)
