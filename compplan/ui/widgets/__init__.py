"""Parts that several pages show: fields, tables, labels, messages, charts in the browser.

A widget knows the editing session and the host, and no page. What one page alone shows belongs in the folder of that
page.
"""
