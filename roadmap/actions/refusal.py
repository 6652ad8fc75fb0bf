"""Why a roadmap cannot be saved or approved."""


class RoadmapRefused(Exception):
    """The edition cannot be saved or approved; the message is for the person who tried."""
