"""Designer: the controls of a plan and what it pays.

Its plan is in compplan.ui.session. controls, curves and conditions draw the fields, page and html the results, and
live answers the browser while a slider moves. What other pages also show belongs in compplan.ui.widgets.
"""
