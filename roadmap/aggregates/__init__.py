"""All counting about a roadmap: an edition and a person in, frozen figures out."""

from roadmap.aggregates.coverage import Coverage, Origin, coverage_of, coverage_of_item, dates_with_origin
from roadmap.aggregates.days import Due, Month, month_of, timeline_of
from roadmap.aggregates.editions import item_counts, roadmap_tallies
from roadmap.aggregates.items import ItemRow, OwnWork, item_rows, item_tally, own_work
from roadmap.aggregates.matrix import Matrix, MatrixRow, matrix_of
from roadmap.aggregates.parts import Part, PartRow, item_parts, parts_of

__all__ = [
    "Coverage",
    "Due",
    "ItemRow",
    "Matrix",
    "MatrixRow",
    "Month",
    "Origin",
    "OwnWork",
    "Part",
    "PartRow",
    "coverage_of",
    "coverage_of_item",
    "dates_with_origin",
    "item_counts",
    "item_parts",
    "item_rows",
    "item_tally",
    "matrix_of",
    "month_of",
    "own_work",
    "parts_of",
    "roadmap_tallies",
    "timeline_of",
]
