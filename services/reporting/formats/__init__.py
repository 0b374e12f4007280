"""An answer in any of its forms: one representation (`cube`), four writers (`json_form`, `csv_form`, `json_stat`)."""
