"""Writes on roadmaps: saving a draft edition, correcting it, approving it, carrying it over."""

from roadmap.actions.above import above_for, edition_above, own_roadmaps
from roadmap.actions.approval import Approval, approve
from roadmap.actions.bodies import (
    BodyKey,
    ReadBody,
    body_directory,
    name_in_draft,
    near_names,
    read_bodies,
    remember_alias,
)
from roadmap.actions.carrying import carry_over, shift_years
from roadmap.actions.cautions import early_notices
from roadmap.actions.closing import set_form
from roadmap.actions.dating import date_item
from roadmap.actions.deriving import derive, derive_once, plan_own, renew
from roadmap.actions.drafts import correct_header, create_draft, delete_draft, save_draft_once
from roadmap.actions.items import ItemText, add_item, correct_item, delete_item, settle_doubts
from roadmap.actions.level_dates import LevelDates, accept_levels, decide_levels, drop_levels, level_dates
from roadmap.actions.moving import correct_dates
from roadmap.actions.plans import EditionPlan, ItemPlan, SectionPlan, plan_edition
from roadmap.actions.previews import ApprovalPreview, ItemReach, preview_approval
from roadmap.actions.refusal import RoadmapRefused
from roadmap.actions.shifting import ForeignDates, foreign_dates, shift_dates
from roadmap.actions.succession import fingerprint, reasons_against
from roadmap.actions.withdrawing import Withdrawal, preview_withdrawal, withdraw
from roadmap.actions.wording import edition_words, item_words

__all__ = [
    "Approval",
    "ApprovalPreview",
    "BodyKey",
    "EditionPlan",
    "ForeignDates",
    "ItemPlan",
    "ItemReach",
    "ItemText",
    "LevelDates",
    "ReadBody",
    "RoadmapRefused",
    "SectionPlan",
    "Withdrawal",
    "above_for",
    "accept_levels",
    "add_item",
    "approve",
    "body_directory",
    "carry_over",
    "correct_dates",
    "correct_header",
    "correct_item",
    "create_draft",
    "date_item",
    "decide_levels",
    "delete_draft",
    "delete_item",
    "derive",
    "derive_once",
    "drop_levels",
    "early_notices",
    "edition_above",
    "edition_words",
    "fingerprint",
    "foreign_dates",
    "item_words",
    "level_dates",
    "name_in_draft",
    "near_names",
    "own_roadmaps",
    "plan_edition",
    "plan_own",
    "preview_approval",
    "preview_withdrawal",
    "read_bodies",
    "reasons_against",
    "remember_alias",
    "renew",
    "save_draft_once",
    "set_form",
    "settle_doubts",
    "shift_dates",
    "shift_years",
    "withdraw",
]
