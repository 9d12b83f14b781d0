// The precompiled headers of the tests are made for this file, and used by others.
