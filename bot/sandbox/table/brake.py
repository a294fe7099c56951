"""The rows of the brake: no verbs of kubectl's, without API rights; typed, refused and explained like the others."""

from bot.language import Text
from bot.sandbox.table.arguments import ANY_NAMESPACE
from bot.sandbox.table.flags import NAMESPACE
from bot.sandbox.table.rows import Verb

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
