"""Limit the cost of imported hashes: more expensive ones would delay other logins or exhaust memory."""

BCRYPT_ROUNDS, PBKDF2_ROUNDS, PHPASS_ROUNDS = 15, 2_000_000, 20
SCRYPT_ROUNDS, ARGON2_ROUNDS = 20, 20
SCRYPT_MEMORY, ARGON2_MEMORY = 128 << 20, 256 << 20  # bytes
WORK = 1 << 20  # N·r·p of scrypt, KiB·t of argon2: at most some seconds for a login
BLOCK_SIZE = 32  # r of scrypt
PARALLELISM = 16  # p of scrypt and argon2, which starts p threads
