"""stream -> consumer -> usecases -> domain -> store ; HTTP <- api <- usecases."""
