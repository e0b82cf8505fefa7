"""What several pages share: the only part of the library that knows of Streamlit."""
