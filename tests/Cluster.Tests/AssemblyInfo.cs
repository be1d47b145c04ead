// Each test has many processes of its own, and what it measures is how soon they answer.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
