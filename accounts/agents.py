"""What a browser says of itself, in words: «Chrome, Windows»."""

# The first name found wins: each browser also names those it descends from.
BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Atom", "Атом"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Chromium", "Chromium"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """Name browser and system of a User-Agent line; «неизвестное устройство» for one that says nothing known."""
    found = [next((label for mark, label in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(label for label in found if label) or "неизвестное устройство"
