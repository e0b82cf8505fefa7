"""Parts that several pages show: fields, tables, labels, messages, charts in the browser.

Belongs here: what knows the editing session and the host, and no page.
Does not belong here: what one page alone shows.
"""
