await Console.Error.WriteLineAsync("Usage: chaos up | load");
return 2;
