"""Below a refusal or a failure: the entry that explains it, and the next look, run by a click."""

from dataclasses import replace

from bot.helpdesk import Lessons
from bot.language import Lang
from bot.sandbox import Lesson
from bot.slack.blocks import BUTTON_VALUE_CHARACTERS, Message, actions, button
from bot.slack.inbox import RUN, SHOW_ENTRY


async def with_lesson(message: Message, lesson: Lesson | None, lessons: Lessons, lang: Lang) -> Message:
    """``message`` with the lesson's buttons, where there is one."""
    if lesson is None or lesson.topic is None:
        return message
    return build_lesson(message, lesson, await lessons.entry(lesson.topic, lang))


def build_lesson(message: Message, lesson: Lesson, entry: tuple[str, str] | None) -> Message:
    """``entry``: its id and title."""
    buttons = [button(entry[1], SHOW_ENTRY, entry[0])] if entry else []
    value = f"- {lesson.command}"
    if lesson.command and len(value) <= BUTTON_VALUE_CHARACTERS:
        buttons.append(button(f"/k8s {lesson.command}", RUN, value))
    return replace(message, blocks=[*message.blocks, actions(buttons)]) if buttons else message
