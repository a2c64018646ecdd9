//! Integration tests of the care room.
