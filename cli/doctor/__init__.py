"""`komerbij doctor`: probes tell how it is, pure functions say what will hurt, the command prints it."""
