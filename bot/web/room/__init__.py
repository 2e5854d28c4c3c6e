"""The web group chat: its service, its pages and its sockets. `routes.web_routes` mounts it."""
