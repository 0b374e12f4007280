"""HTTP -> api -> writer -> usecases -> domain -> store + event_log == commit ==> relay -> stream meedoen.events."""
