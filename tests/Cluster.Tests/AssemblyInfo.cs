// Each test has many processes of its own, and most of the time waits for them.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
