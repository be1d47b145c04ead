// Each test has many processes of its own: two at once would take each other's processors away, and what clients notice would
// be that.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
