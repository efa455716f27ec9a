class FeedError(Exception):
    """The file is not what it should be; str() says where and why in plain words."""
