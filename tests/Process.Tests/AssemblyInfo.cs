// Every test here starts servers and some measure them: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
