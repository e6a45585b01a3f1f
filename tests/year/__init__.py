"""The time machine: an association's months in minutes, on the real operations over the records in memory.

People with habits, staff with queues, jobs that run late or twice, a bank; and every promise checked each month. It
lives with the tests, because it checks by made-up people and by the oracle that is written from the domain page alone.
"""
