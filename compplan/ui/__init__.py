"""The pages: the only part of the library that knows of Streamlit.

Belongs here: a folder for each page, what several pages share (`widgets`, and the modules beside this one), the server
(`host`, `shell`).
Does not belong here: arithmetic. A page calls the same functions as a Python caller.
"""
