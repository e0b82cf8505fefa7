"""Saved plans: versions, differences, approvals and activity, and the menus Open, Save, Share and Export.

The store itself is compplan.store. The page of a share link is shared.py; opening a version is in
compplan.ui.widgets.versions, since Cost opens versions too.
"""
