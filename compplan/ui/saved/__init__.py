"""The Saved page: versions, differences, approvals and activity, and the menus Open, Save, Share and Export.

Belongs here: these, and the page of a share link (`shared`).
Does not belong here: the store (`compplan.store`), opening a version (`compplan.ui.widgets.versions`, for Cost too).
"""
