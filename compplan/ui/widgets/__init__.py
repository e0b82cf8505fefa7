"""Parts that several pages share: fields, tables, labels, charts in the browser."""
