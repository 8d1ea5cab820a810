package dev.vtc.app.store;

import java.nio.file.Path;

/** A complete, checked file and its SHA-256 (lower case hex). */
record Downloaded(Path file, String sha256) {}
