"""The columns of a list: what each holds, by which titles people know it, how it is shown. Here those of schools."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Column:
    """A column: the field it fills, its own title, the other titles it goes by."""

    field: str
    title: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    width: int = 20


# The sheet of our own template that holds what its cells may be chosen from.
CHOICES_SHEET = "Справочник"
# The numbers of rows are nobody's field; named, so that they aren't reported as unknown.
NUMBER = "number"
_NUMBER_TITLES = ("№", "№ п/п", "п/п", "Номер", "Номер п/п")


@dataclass(frozen=True)
class Layout:
    """What a list of one kind looks like: its columns, and how its rows are spoken of."""

    columns: tuple[Column, ...]
    of_what: str
    """«Таблица школ», «ни одной школы»: the rows in the genitive plural."""
    none_of: str
    one: str
    """What a row is of, at the head of its column: «Школа»."""
    new: str
    """«Новые школы»: what a list adds; empty where it adds nothing and only tells of what there is."""
    key: str
    """The field without which a row that begins with «Итого» is a sum and no row of the list."""
    summary: tuple[str, ...] = ()
    """Which fields a preview shows of each row, beside its name."""
    sheet_field: str = ""
    """The field whose value a sheet may bear as its name where it has no column for it."""
    note: str = ""
    """What a person should know who loads such a list."""
    absent: str = ""
    """What of those that the registry knows and the file does not name."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Titles of what is no column and is shown all the same."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the columns."""
        return tuple(column.field for column in self.columns)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The title of each field."""
        return {column.field: column.title for column in self.columns}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Fields without which the list cannot be read."""
        return tuple(column.field for column in self.columns if column.required)

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """All titles that each field goes by."""
        named = {column.field: (column.title, *column.synonyms) for column in self.columns}
        return named | {NUMBER: _NUMBER_TITLES}


COLUMNS = (
    Column(
        "municipality",
        "Муниципалитет",
        (
            "Муниципальное образование",
            "Наименование муниципалитета",
            "Наименование муниципального образования",
            "Муниципалитет/район",
            "Муниципалитет (район, город)",
            "Район/муниципалитет",
            "Наименование МО",
            "Муниципальный район/округ",
            "Муниципальный/городской округ",
            "Муниципальный округ",
            "Муниципальный район",
            "Муниципальный округ, городской округ",
            "Территория",
            "Район",
            "Район, город",
            "Город, район",
            "Округ",
            "МО",
            "МОУО",
            "Подчинение",
        ),
        required=True,
        hint="Например «Бондарский» или «г. Тамбов»; для школы области — «Региональное подчинение».",
        width=24,
    ),
    Column(
        "name",
        "Полное наименование ОО",
        (
            "Полное наименование",
            "Полное наименование организации",
            "Полное наименование образовательной организации",
            "Полное наименование общеобразовательной организации",
            "Полное наименование школы",
            "Наименование",
            "Наименование ОО",
            "Наименование организации",
            "Наименование образовательной организации",
            "Наименование общеобразовательной организации",
            "Наименование учреждения",
            "Наименование ОО по уставу",
            "Полное наименование учреждения",
            "Наименование общеобразовательного учреждения",
            "Наименование школы",
            "Название",
            "Название школы",
            "Образовательная организация",
            "Общеобразовательная организация",
            "Организация",
            "Школа",
            "ОО",
        ),
        required=True,
        hint="По уставу, не длиннее 500 знаков.",
        width=60,
    ),
    Column(
        "short_name",
        "Краткое наименование",
        (
            "Краткое наименование ОО",
            "Краткое наименование организации",
            "Краткое название",
            "Сокращенное наименование",
            "Сокращенное наименование ОО",
            "Сокращенное наименование организации",
            "Сокращенное название",
        ),
        hint="Если не указано, портал покажет полное.",
        width=34,
    ),
    Column(
        "inn",
        "ИНН",
        ("ИНН ОО", "ИНН организации", "ИНН образовательной организации", "ИНН школы", "ИНН юридического лица"),
        required=True,
        hint="10 цифр. По ИНН портал узнаёт школу, когда список загружают снова.",
        width=14,
    ),
    Column(
        "ogrn",
        "ОГРН",
        ("ОГРН ОО", "ОГРН организации", "ОГРН образовательной организации", "ОГРН школы", "ОГРН юридического лица"),
        hint="13 цифр.",
        width=17,
    ),
    Column(
        "level",
        "Уровень",
        (
            "Уровень профминимума",
            "Уровень профминимума, ч",
            "Уровень профминимума, часов",
            "Уровень профориентационного минимума",
            "Уровень реализации",
            "Уровень реализации профминимума",
            "Уровень реализации профориентационного минимума",
            "Реализуемый уровень",
            "Уровень, ч",
            "Уровень, часов",
        ),
        required=True,
        hint="Название или число часов: базовый, 40; основной, 60; продвинутый, 80.",
        width=20,
    ),
    Column(
        "ticket",
        "Участник «Билет в будущее»",
        (
            "Билет в будущее",
            "Участник проекта «Билет в будущее»",
            "Участие в «Билет в будущее»",
            "Участие в «Билете в будущее»",
            "Участие в проекте «Билет в будущее»",
            "Проект «Билет в будущее»",
            "БВБ",
        ),
        hint="да или нет.",
        width=16,
    ),
    Column(
        "contact_name",
        "Ответственный (ФИО)",
        (
            "Ответственный",
            "ФИО ответственного",
            "Ответственный за профминимум (ФИО)",
            "ФИО ответственного лица",
            "Ф. И. О. ответственного",
            "Ответственное лицо",
            "Ответственный за профминимум",
            "Ответственный за профориентацию",
            "Контактное лицо",
            "Контакт",
            "ФИО",
        ),
        hint="Кто в школе отвечает за профминимум.",
        width=32,
    ),
    Column("contact_post", "Должность", ("Должность ответственного",), width=32),
    Column(
        "contact_email",
        "Эл. почта",
        (
            "E-mail",
            "Email",
            "Почта",
            "Электронная почта",
            "Электронный адрес",
            "Адрес электронной почты",
            "Эл. адрес",
            "Электронная почта ответственного",
            "E-mail ответственного",
            "Контактный e-mail",
        ),
        hint="Один адрес ответственного.",
        width=28,
    ),
    Column(
        "contact_phone",
        "Телефон",
        ("Контактный телефон", "Телефон ответственного", "Номер телефона", "Мобильный телефон", "Тел."),
        hint="Один номер с кодом города: +7 (475) 000-00-00.",
        width=22,
    ),
    Column(
        "site",
        "Сайт",
        ("Официальный сайт", "Адрес сайта", "Сайт ОО", "Сайт организации", "Сайт школы"),
        hint="Полный адрес: https://…",
        width=32,
    ),
)

SCHOOLS = Layout(
    COLUMNS,
    of_what="школ",
    none_of="ни одной школы",
    one="Школа",
    new="Новые школы",
    key="inn",
    sheet_field="municipality",
    summary=("municipality", "inn", "level", "contact_name"),
    note="Школу портал узнаёт по ИНН: новую создаст, у известной изменит то, что в списке иначе. "
    "Пустая ячейка в необязательном столбце ничего не стирает. Школы, которых в списке нет, остаются как есть.",
    absent="Действующие школы тех муниципалитетов, о которых говорит файл. С ними ничего не произойдёт; "
    "если школа закрыта, закройте её на её странице.",
)
