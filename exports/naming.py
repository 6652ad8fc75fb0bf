"""How files of reports are called."""


def file_name(name: str) -> str:
    """Leave out what file systems refuse, and keep it short."""
    return "".join(" " if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in name)[:150].strip()
