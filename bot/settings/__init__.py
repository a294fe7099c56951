"""Everything that can be set, from the environment and the YAML file of TIMONIER_CONFIG.

A wrong value is one error that names the setting, shows the value unless it is a secret, and gives a right example.
"""

from bot.settings.course import Channel, Course, Trainers
from bot.settings.environment import (
    Mode,
    Settings,
    course,
    database_url,
    knowledge_folder,
    kubeconfig,
    log_format,
)
from bot.settings.errors import SettingsError
from bot.settings.variables import VARIABLES

__all__ = [
    "VARIABLES",
    "Channel",
    "Course",
    "Mode",
    "Settings",
    "SettingsError",
    "Trainers",
    "course",
    "database_url",
    "knowledge_folder",
    "kubeconfig",
    "log_format",
]
