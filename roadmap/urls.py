"""Addresses of the app."""

from django.urls import path

from roadmap.views import (
    approval,
    comparing,
    detail,
    drafts,
    editions,
    importing,
    item,
    items,
    level_dates,
    levels,
    matrix,
    month,
    moving,
    timeline,
    withdrawing,
)

app_name = "roadmap"
urlpatterns = [
    path("", editions.roadmap_list, name="list"),
    path("import/", importing.import_roadmap, name="import"),
    path("import/save/", importing.save_import, name="import_save"),
    path("compare/", comparing.choose, name="compare_choose"),
    path("<int:pk>/compare/<int:other_pk>/", comparing.comparison, name="compare"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/matrix/", matrix.matrix, name="matrix"),
    path("<int:pk>/timeline/", timeline.timeline, name="timeline"),
    path("<int:pk>/calendar/", month.month, name="calendar"),
    path("<int:pk>/draft/", drafts.draft, name="draft"),
    path("<int:pk>/edit/", drafts.edit_header, name="edit"),
    path("<int:pk>/bodies/", drafts.map_body, name="map_body"),
    path("<int:pk>/delete/", drafts.delete, name="delete"),
    path("<int:pk>/approve/", approval.approval, name="approve"),
    path("<int:pk>/withdraw/", withdrawing.withdrawal, name="withdraw"),
    path("<int:pk>/carry-over/", approval.start_over, name="carry_over"),
    path("<int:pk>/shift-dates/", moving.shift, name="shift_dates"),
    path("<int:pk>/moved-dates/", moving.moved_dates, name="moved_dates"),
    path("<int:pk>/level-dates/", level_dates.of_roadmap, name="level_dates"),
    path("<int:pk>/derive/", levels.start, name="derive"),
    path("<int:pk>/bring-up/", levels.bring_up, name="bring_up"),
    path("<int:pk>/sections/<int:section_pk>/add/", items.add, name="item_add"),
    path("items/<int:pk>/", item.item_detail, name="item"),
    path("items/<int:pk>/edit/", items.edit, name="item_edit"),
    path("items/<int:pk>/delete/", items.delete, name="item_delete"),
    path("items/<int:pk>/settle/", items.settle, name="item_settle"),
    path("items/<int:pk>/form/", items.choose_form, name="item_form"),
    path("items/<int:pk>/level-dates/", level_dates.of_item, name="item_levels"),
    path("items/<int:pk>/dates/", items.set_dates, name="item_dates"),
]
