"""The 34 provinces and 3,321 communes since 1 July 2025, and the districts and communes they were made of.

Names and codes follow Resolution 202/2025/QH15 (provinces), the resolutions of the National Assembly's Standing
Committee on each province's communes, and Decision 19/2025/QD-TTg (codes). What became of each former commune is known
by name; coordinates are the rough middle of a commune, good to order by distance, not to travel by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import PlacesError

FOLDER = Path(__file__).resolve().parent.parent / "data"
_KINDS = ("Thành phố", "Tỉnh", "Phường", "Xã", "Đặc khu", "Quận", "Huyện", "Thị xã", "Thị trấn")


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 34 provinces and centrally run cities; ``nicknames`` are short forms people type."""

    code: str
    name: str
    nicknames: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The name as it stands in an address: "TP. Huế", "Cà Mau"."""
        return in_address(self.name)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone of today; degrees north and east."""

    code: str
    name: str
    province: Province
    latitude: float
    longitude: float

    @property
    def full(self) -> str:
        """The name with its province."""
        return f"{self.name}, {self.province.short}"


@dataclass(frozen=True, slots=True)
class District:
    """A district until 30 June 2025, with the communes that lie mainly on its land, and all that touch it."""

    name: str
    province: str
    communes: tuple[Commune, ...]
    touched: frozenset[str]

    @property
    def full(self) -> str:
        """The name with its province of then."""
        return f"{self.name}, {in_address(self.province)}"


@dataclass(frozen=True, slots=True)
class Former:
    """A commune until 30 June 2025, with what it became: the one that took most of it first."""

    name: str
    district: District
    communes: tuple[Commune, ...]


@dataclass(frozen=True)
class Gazetteer:
    """All places of today and of before; ``former_provinces`` by name of then, with the codes of their communes."""

    provinces: Mapping[str, Province] = field(default_factory=dict)
    communes: Mapping[str, Commune] = field(default_factory=dict)
    districts: tuple[District, ...] = ()
    former: tuple[Former, ...] = ()
    former_provinces: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of_province(self, code: str) -> frozenset[str]:
        """Return the codes of a province's communes."""
        return frozenset(commune.code for commune in self.communes.values() if commune.province.code == code)


def bare(name: str) -> str:
    """Return a name without its kind in front ("Phường Yên Nghĩa": "Yên Nghĩa")."""
    kind = kind_of(name)
    return name[len(kind) :].strip() if kind else name


def in_address(province: str) -> str:
    """Return the name of a province as it stands in an address."""
    city = province.startswith("Thành phố ")
    return f"TP. {bare(province)}" if city else bare(province)


def kind_of(name: str) -> str:
    """Return the kind in front of a name ("Phường"), or an empty text."""
    return next((kind for kind in _KINDS if name.startswith(f"{kind} ")), "")


def load_gazetteer(folder: Path = FOLDER) -> Gazetteer:
    """Read the three lists; raise ``PlacesError`` naming the file and line that is malformed."""
    provinces = {
        code: Province(code, name, tuple(filter(None, (nick.strip() for nick in nicks.split(",")))))
        for code, name, nicks in _rows(folder / "provinces.tsv", 3)
    }
    communes = {}
    for code, name, province, north, east in _rows(folder / "communes.tsv", 5):
        try:
            communes[code] = Commune(code, name, provinces[province], float(north), float(east))
        except (KeyError, ValueError) as error:
            raise PlacesError(f"communes.tsv, mã {code}: sai mã tỉnh hoặc tọa độ") from error
    return _with_former(provinces, communes, folder / "former.tsv")


def _with_former(provinces: dict[str, Province], communes: dict[str, Commune], path: Path) -> Gazetteer:
    groups: list[tuple[str, str, list[tuple[str, tuple[Commune, ...]]]]] = []
    for first, second in _rows(path, 2):
        if first.startswith("@"):
            groups.append((first[1:], second, []))
            continue
        try:
            groups[-1][2].append((first, tuple(communes[code] for code in second.split())))
        except (KeyError, IndexError) as error:
            raise PlacesError(f"{path.name}: “{first}” dẫn tới mã xã không có") from error
    districts, former = [], []
    touched: dict[str, set[str]] = {}
    for province, name, wards in groups:
        mainly = dict.fromkeys(became[0] for _, became in wards)
        district = District(name, province, tuple(mainly), frozenset(c.code for _, became in wards for c in became))
        districts.append(district)
        touched.setdefault(province, set()).update(district.touched)
        former += [Former(ward, district, became) for ward, became in wards if ward]
    return Gazetteer(
        provinces,
        communes,
        tuple(districts),
        tuple(former),
        {province: frozenset(codes) for province, codes in touched.items()},
    )


def _rows(path: Path, width: int) -> Iterator[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PlacesError(f"Không đọc được {path.name}: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != width:
            raise PlacesError(f"{path.name}, dòng {number}: cần {width} cột")
        yield row
