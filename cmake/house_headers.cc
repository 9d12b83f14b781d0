// The precompiled headers of the house are made for this file, and used by others.
