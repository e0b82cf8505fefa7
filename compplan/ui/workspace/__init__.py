"""Keep what somebody works on: its state as plain data, the draft that holds it, and the address that names it.

What belongs here: whatever makes a reload, a new tab or a new server show the same work. What a page draws is its own.
"""
