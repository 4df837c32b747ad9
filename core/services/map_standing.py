"""The line that every map prints: coordinate system, 审图号 or what the map is without one, source."""

from sqlalchemy import Connection

from core.settings import get_settings
from db.queries.land_targets import MAP_REVIEW_NUMBER, MAP_SOURCE, load_map_settings


def map_standing(connection: Connection) -> str:
    """
    Return the line; what came with the boundaries in the store wins over the settings of the machine.

    Basis: 地图管理条例 (国务院令第664号): a public map carries its 审图号, which belongs to that one map.
    """
    settings = get_settings()
    stored = {key: text for key, (text, _version) in load_map_settings(connection).items()}
    number = stored.get(MAP_REVIEW_NUMBER, settings.map_review_number)
    standing = f"审图号：{number}" if number else settings.map_note
    source = stored.get(MAP_SOURCE, "")
    return " · ".join(part for part in (settings.map_crs, standing, source and f"来源：{source}") if part)
