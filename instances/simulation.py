"""What people are told who want to connect to an instance that is no server."""

REFUSAL = "this instance is only simulated: there is no server behind it, and nothing is stored."
WAY_OUT = "Whoever runs this RedisGate turns SIMULATION_MODE off; what is made then is real."
PROBLEM = REFUSAL[0].upper() + REFUSAL[1:]
