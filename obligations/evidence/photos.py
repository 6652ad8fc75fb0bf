"""Pictures: really opened, turned upright, and stripped of where and with what they were taken."""

import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from obligations.evidence.checks import mismatch
from obligations.evidence.kinds import EvidenceRefused, Kind

# A phone's best photo has 50 megapixels; a picture that unpacks to more would eat the server's memory.
MAX_PIXELS = 64_000_000
JPEG_QUALITY = 90
# What a picture needs to look the same: its transparent colour and its colour profile.
_KEPT_INFO = ("transparency", "icc_profile")


def clean_photo(content: BinaryIO, kind: Kind) -> bytes:
    """Return the picture written anew: upright, with no EXIF, GPS, XMP or comments.

    Raises EvidenceRefused when it doesn't open or is too large.
    """
    content.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures; our own bound below says it to the person.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(content, formats=kind.marker) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise EvidenceRefused("слишком большое разрешение. Уменьшите изображение до 64 мегапикселей.")
                return _written_anew(picture, kind)
    except Image.DecompressionBombError as error:
        raise EvidenceRefused("слишком большое разрешение. Уменьшите изображение до 64 мегапикселей.") from error
    except UnidentifiedImageError as error:
        raise mismatch(content, kind) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise EvidenceRefused("изображение повреждено и не открывается.") from error


def _written_anew(picture: Image.Image, kind: Kind) -> bytes:
    """Decode the picture and encode it again with nothing but what is seen."""
    # WeasyPrint, once imported, lets Pillow fill the missing half of any picture with grey for the
    # whole process; our own PDFs show no photos, so nothing loses by the switch being put back.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    picture.load()
    clean = ImageOps.exif_transpose(picture)
    clean.info = {key: clean.info[key] for key in _KEPT_INFO if key in clean.info}
    target = BytesIO()
    if "JPEG" in kind.marker:
        clean.save(target, "JPEG", quality=JPEG_QUALITY, icc_profile=clean.info.get("icc_profile"))
    else:
        clean.save(target, "PNG", optimize=False)
    return target.getvalue()
