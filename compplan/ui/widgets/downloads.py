"""Media types of the files that pages offer."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
