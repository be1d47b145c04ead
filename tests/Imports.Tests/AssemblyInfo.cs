// One library fills the machine: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
