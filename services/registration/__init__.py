"""HTTP -> api -> writer -> usecases -> domain -> store + event_log == commit ==> relay -> Redis stream meedoen.events."""
